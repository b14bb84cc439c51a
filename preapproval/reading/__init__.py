"""Files become upright pages with lines of text, marks and quality findings."""
