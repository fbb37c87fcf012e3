package ingress;

import ingress.RejectedRequest.Problem;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import text.Sha256;

/**
 * A delivery of a webhook of WooCommerce's, as its headers have it, none of which is signed.
 *
 * @param id a hash of the webhook's id and the second ({@code WC_Webhook::get_new_delivery_id}): two deliveries of one
 *     webhook within a second have the same
 * @param topic the name of the event, such as {@code order.created}
 */
record WooCommerceDelivery(String id, String topic) {
    private static final String ID_HEADER = "X-WC-Webhook-Delivery-ID";

    /** So many of the body's hash in hex, after a colon, make an id the key of one body: 64 bits. */
    private static final int HASH_CHARACTERS = 16;
    /** An idempotency key has up to 64 characters; WooCommerce's ids have 32. */
    private static final int LONGEST_ID = 47;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1," + LONGEST_ID + "}");
    /** Topics whose body has the id of something that is made once: the same body is the same event. */
    private static final Pattern ONCE = Pattern.compile("(coupon|customer|order|product)\\.created");

    private static final Pattern WEBHOOK_ID = Pattern.compile("\\d{1,20}");

    /** @throws RejectedRequest 400 */
    static WooCommerceDelivery of(Message message) {
        return new WooCommerceDelivery(
                RequestHeaders.required(message, ID_HEADER), RequestHeaders.required(message, "X-WC-Webhook-Topic"));
    }

    /**
     * Whether it is what WooCommerce sends when a webhook is saved: a form with nothing but the webhook's id, and no
     * signature ({@code WC_Webhook::deliver_ping}).
     */
    static boolean isPing(Message message) {
        if (!(message instanceof HttpMessage http)
                || http.getRequest().formAttributes().size() != 1) {
            return false;
        }
        String webhook = http.getRequest().getFormAttribute("webhook_id");
        return webhook != null && WEBHOOK_ID.matcher(webhook).matches();
    }

    /**
     * What the event is recorded under. Of a thing that is made once it is the hash of the signed body alone, so a
     * captured request is a duplicate whatever its headers say. Of other topics the same body may be two events (an
     * order that is deleted, restored and deleted): the id tells them apart. The id alone would not do: the second
     * of two deliveries within a second would be refused, and WooCommerce does not come again.
     *
     * @param content the bytes that were signed
     * @throws RejectedRequest 422 for an id that cannot be part of a key
     */
    String idempotencyKey(byte[] content) {
        if (!ID.matcher(id).matches()) {
            throw RejectedRequest.invalidEvent(List.of(
                    new Problem(ID_HEADER, "must be 1 to " + LONGEST_ID + " characters of A-Z a-z 0-9 . _ : -")));
        }
        String hash = Sha256.hex(content);
        return ONCE.matcher(topic).matches() ? hash : id + ":" + hash.substring(0, HASH_CHARACTERS);
    }
}
