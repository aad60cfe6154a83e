"""How the scripts are run in each stack; nothing but the standard library is needed."""
