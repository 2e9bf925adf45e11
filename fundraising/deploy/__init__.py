"""Putting the giving online: functions, or one machine."""
