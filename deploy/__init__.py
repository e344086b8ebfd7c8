"""How the system is started, stopped and looked after: outside the services, knows them all."""
