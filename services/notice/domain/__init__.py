"""The rules of notice: what is public, in which words, and when a notice is posted."""
