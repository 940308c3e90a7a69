"""What only the forms of the nine criteria are made from: dossiers as those who took part have them."""
