<?php
// php verify.php ID TIMESTAMP SIGNATURE < BODY: exits with 0 where the request is genuine.
function is_genuine(string $secret, string $id, string $timestamp, string $signatures, string $body): bool
{
    // Five minutes off: somebody else sends what they once saw.
    if (!preg_match('/^[0-9]{1,12}$/D', $timestamp) || abs(time() - (int) $timestamp) > 300) {
        return false;
    }
    $key = base64_decode(substr($secret, strlen('whsec_')), true);
    if ($key === false || strlen($key) < 24) {
        throw new RuntimeException('there is no secret');
    }
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', $id . '.' . $timestamp . '.' . $body, $key, true));
    // Two while the secret changes; how long a comparison takes tells nothing.
    foreach (explode(' ', $signatures) as $one) {
        if (hash_equals($expected, $one)) {
            return true;
        }
    }
    return false;
}

// The headers webhook-id, webhook-timestamp and webhook-signature ($_SERVER['HTTP_WEBHOOK_ID'] and so on), and the body as
// it came (php://input), before anything reads it.
[, $id, $timestamp, $signatures] = $argv;
$body = file_get_contents('php://stdin');
exit(is_genuine((string) getenv('REDRESS_WEBHOOK_SECRET'), $id, $timestamp, $signatures, $body) ? 0 : 1);
