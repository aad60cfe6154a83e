"""What the commands tell, as data and as text; nothing here reads arguments or writes files."""
