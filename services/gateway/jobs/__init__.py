"""Imports: an uploaded spreadsheet is read in a process of its own, checked by roster, and written when it is right.

``imports.start(kind, file_name, stream)`` uploads and checks; ``imports.run(job_id)`` writes; ``imports.find(job_id)``.
Kinds: ``organisations`` 党组织, ``members`` 党员.  ``template.made(kind)`` is the file to fill in.
"""
