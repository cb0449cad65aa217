"""Training, calibrating and measuring the models. Needs the extra `lab`; nothing that judges imports it."""
