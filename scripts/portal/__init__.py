"""The site of #Oltreiperimetri: reads `content/` into a model and writes everything derived from it."""
