"""What a report by the nine criteria shows besides every report: forms 01, 02 and 03-ĐGHL, satisfaction, faults."""
