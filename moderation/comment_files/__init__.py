"""Files of comments: read in bounded memory, written so that a spreadsheet runs nothing of them."""
