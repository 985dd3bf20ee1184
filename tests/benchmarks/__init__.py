"""What the portal's pages cost, against a bare page on the same server, engine and machine state."""
