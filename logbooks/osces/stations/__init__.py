"""The bank of OSCE stations: written, read by a second person, and published in versions that never change."""
