"""What stands between visitors and Streamlit's own application when ui/server.py serves it.

policy     the security headers of every answer
hosts      the names under which the server may be addressed, and whose pages may open its socket
health     whether all files are there that the app needs
replay     compressed scripts, made once
messages   what a browser may say over the socket
uploads    how much a session may leave here
heads      how long a client may take to say what it wants
addresses  where the server listens, and what others type to get there
"""
