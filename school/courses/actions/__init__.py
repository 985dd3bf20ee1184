"""Everything that changes courses, events, bookings and what is attained."""
