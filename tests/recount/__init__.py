"""A slow recount of the sample province, row by row, from the export files: it shares no line with the product."""
