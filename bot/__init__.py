"""How it runs: settings, wiring, the worker, platforms and the command line. Only this package knows processes."""
