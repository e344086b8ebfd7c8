# as: deploy/up.py; refused: machine path
DATA = "/root/jiannuo"
