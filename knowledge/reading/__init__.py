"""One module per file format: each turns a file into a Document of headings, paragraphs and tables."""
