# as: deploy/up.py; refused: machine path
DATA = "/home/zhang/jiannuo"
