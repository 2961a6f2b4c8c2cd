api-limit = limit must be between 1 and { $most }.
api-not-an-id = This is not an identifier.
api-unknown-word = This word is not known; /api/openapi.json lists those that are.
api-not-a-day = A day is written like 2026-11-23.
api-not-json = The body is not the JSON this address takes: { $why }
api-no-such-staff = Nobody of this school has the staff number { $number }.
api-not-a-semester = A semester is written like 2026-1 or 2026-2.
