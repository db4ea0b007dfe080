// java Verify.java ID TIMESTAMP SIGNATURE < BODY: exits with 0 where the request is genuine.
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Verify {
    static boolean isGenuine(String secret, String id, String timestamp, String signatures, byte[] body)
            throws GeneralSecurityException {
        // Five minutes off: somebody else sends what they once saw.
        if (!timestamp.matches("[0-9]{1,12}")
                || Math.abs(System.currentTimeMillis() / 1000 - Long.parseLong(timestamp)) > 300) {
            return false;
        }
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        if (key.length < 24) throw new IllegalArgumentException("there is no secret");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
        byte[] expected = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(UTF_8);
        // Two while the secret changes; how long a comparison takes tells nothing.
        boolean found = false;
        for (String one : signatures.split(" ")) found |= MessageDigest.isEqual(expected, one.getBytes(UTF_8));
        return found;
    }

    // The headers webhook-id, webhook-timestamp and webhook-signature, and the body as it came, before anything reads it.
    public static void main(String[] given) throws Exception {
        byte[] body = System.in.readAllBytes();
        String secret = System.getenv("REDRESS_WEBHOOK_SECRET");
        System.exit(isGenuine(secret, given[0], given[1], given[2], body) ? 0 : 1);
    }
}
