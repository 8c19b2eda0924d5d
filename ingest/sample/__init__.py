"""What the sample web is made of: fictional outlets, our own texts, templates. `ingest.sample_web` serves it."""
