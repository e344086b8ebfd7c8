"""What is drawn, or handed over as a file: QR codes, downloads."""
