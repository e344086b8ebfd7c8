"""The gateway's only rules: by what a county lets people sign in.  Plain Python that imports nothing of the house."""
