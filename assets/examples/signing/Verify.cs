// dotnet run Verify.cs -- ID TIMESTAMP SIGNATURE < BODY (.NET 10): exits with 0 where the request is genuine.
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

static bool IsGenuine(string secret, string id, string timestamp, string signatures, byte[] body)
{
    // Five minutes off: somebody else sends what they once saw.
    if (!Regex.IsMatch(timestamp, @"^[0-9]{1,12}\z")
        || Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(timestamp)) > 300) return false;
    byte[] key = Convert.FromBase64String(secret["whsec_".Length..]);
    if (key.Length < 24) throw new ArgumentException("there is no secret");
    byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
    byte[] expected = Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
    // Two while the secret changes; how long a comparison takes tells nothing.
    return signatures.Split(' ').Any(one =>
        CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(one)));
}

// The headers webhook-id, webhook-timestamp and webhook-signature, and the body as it came, before anything reads it.
using var body = new MemoryStream();
Console.OpenStandardInput().CopyTo(body);
string secret = Environment.GetEnvironmentVariable("REDRESS_WEBHOOK_SECRET") ?? "";
return IsGenuine(secret, args[0], args[1], args[2], body.ToArray()) ? 0 : 1;
