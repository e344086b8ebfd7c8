"""How the system is started, stopped and looked after: outside the services, knows them all."""
import warnings

# eventlet deprecates itself on import, on every start; the choice of it is explained in DECISIONS.md
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
