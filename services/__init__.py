"""The six services: pillars on one plinth, and no arrow between pillars."""
