"""What the pages show, as data for the players and Plotly figures. Nothing here knows Streamlit."""
