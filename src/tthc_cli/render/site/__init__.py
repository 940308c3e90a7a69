"""The public site: pages, workbooks and open data of stored scores, for a web server or an open data portal.

Everything is made from the stored tables, columns at a time, and nothing of it names a person: no dossiers, no
officials, no texts typed by hand, no file names, nobody who signs.
"""
