"""The rules of the roster: what stands where in the tree, how a line of a spreadsheet is read, who may hold what."""
