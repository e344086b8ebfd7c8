# as: services/pledge/storage.py; refused: commit
def save(sql):
    sql.commit()
