"""Events, receipts and ledger entries → rows."""
