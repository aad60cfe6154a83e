"""Qt WebEngine: a browser without a browser around it, which shows the recorder's page."""
