# python3 verify.py ID TIMESTAMP SIGNATURE < BODY: exits with 0 where the request is genuine.
import base64, hashlib, hmac, os, re, sys, time


def is_genuine(secret, id, timestamp, signatures, body):
    # Five minutes off: somebody else sends what they once saw.
    if not re.fullmatch("[0-9]{1,12}", timestamp) or abs(time.time() - int(timestamp)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    if len(key) < 24:
        raise ValueError("there is no secret")
    signed = f"{id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    # Two while the secret changes; how long a comparison takes tells nothing.
    return any([hmac.compare_digest(expected.encode(), one.encode()) for one in signatures.split(" ")])


# The headers webhook-id, webhook-timestamp and webhook-signature, and the body as it came, before anything reads it.
id, timestamp, signatures = sys.argv[1:]
body = sys.stdin.buffer.read()
sys.exit(0 if is_genuine(os.environ["REDRESS_WEBHOOK_SECRET"], id, timestamp, signatures, body) else 1)
