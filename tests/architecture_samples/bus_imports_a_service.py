# as: wire/bus/relay.py; refused: imports
def late():
    from services.pledge import storage
    return storage
