# as: services/pledge/service.py; refused: nameko events
from nameko.standalone.events import event_dispatcher as EventDispatcher
from nameko.events import EventDispatcher as Telling
