"""Record books that do not know one another: competencies, OSCEs, CPD, simulations."""
