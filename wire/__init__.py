"""The plinth (wire): what crosses a process boundary, and the machinery that carries it.  No service code."""
