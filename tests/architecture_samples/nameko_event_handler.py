# as: services/notice/service.py; refused: nameko events
from nameko.events import event_handler
