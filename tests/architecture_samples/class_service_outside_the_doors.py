# as: services/pledge/usecases.py; refused: class name
class ReviewService:
    pass
