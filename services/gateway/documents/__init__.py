"""What is drawn or printed: QR codes."""
