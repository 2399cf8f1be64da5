st = None
