package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {
    private final EventParser parser = new EventParser(new EventSchemas());

    private String parse(String json, String key) {
        return parser.parse(json.getBytes(StandardCharsets.UTF_8), key, false);
    }

    /** Or a captured request could be played again under any key in its header. */
    @Test
    void the_key_is_in_what_is_signed_even_where_a_schema_does_not_ask_for_it() {
        assertEquals("test.keyless", parse("{\"event\":\"test.keyless\",\"idempotency_key\":\"k\"}", "k"));
        assertEquals(422, refused("{\"event\":\"test.keyless\"}"));
        assertEquals(422, refused("{\"event\":\"test.keyless\",\"idempotency_key\":7}"));
        assertEquals(400, refused("{\"event\":\"test.keyless\",\"idempotency_key\":\"another\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'lead_id':7,'form':'Contact'",
                "'lead_id':'entry-7','form':'Contact','fields':{'message':'How much?'},'url':null",
                "'lead_id':7,'form':'Contact','encrypted':'e30..aXY.Y2lwaGVy.dGFn'",
            })
    void a_lead_has_an_id_a_form_and_fields_in_clear_or_encrypted(String fields) {
        assertEquals("lead.captured", parse(event("lead.captured", fields), "k"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'form':'Contact'",
                "'lead_id':7",
                "'lead_id':0,'form':'Contact'",
                "'lead_id':'','form':'Contact'",
                "'lead_id':7,'form':''",
                "'lead_id':7,'form':'Contact','fields':{'age':7}",
                "'lead_id':7,'form':'Contact','fields':['message']",
                "'lead_id':7,'form':'Contact','encrypted':'a key that is wrapped.e30.aXY.Y2lwaGVy.dGFn'",
            })
    void what_is_no_lead_is_refused(String fields) {
        assertEquals(422, refused(event("lead.captured", fields)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            200 | 'task':'enrich_posts','ids':[1,2,3]
            200 | 'task':'moderate_comments','ids':[7],'reason':'the nightly one'
            422 | 'task':'delete_posts','ids':[1]
            422 | 'task':'enrich_posts'
            422 | 'task':'enrich_posts','ids':[]
            422 | 'task':'enrich_posts','ids':['1']
            422 | 'task':'enrich_posts','ids':[0]
            """)
    void a_batch_says_what_is_to_be_done_and_to_which(int status, String fields) {
        String event = event("batch.requested", fields);
        assertEquals(status, status == 200 && parse(event, "k").equals("batch.requested") ? 200 : refused(event));
    }

    @Test
    void a_batch_has_at_most_five_hundred() {
        String ids = IntStream.rangeClosed(1, 501).mapToObj(String::valueOf).collect(Collectors.joining(","));
        assertEquals(422, refused(event("batch.requested", "'task':'enrich_posts','ids':[" + ids + "]")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "-1e400", "1e999999999"})
    void a_number_that_is_out_of_range_is_no_json(String number) {
        assertEquals(400, refused(event("post.published", "'title':'t','url':'u','post_id':" + number)));
        assertEquals(400, refused(event("post.published", "'title':'t','url':'u','post_id':7,'more':" + number)));
    }

    private static String event(String name, String fields) {
        String common = "'event':'" + name + "','idempotency_key':'k','site':'https://example.test',";
        return ("{" + common + fields + "}").replace('\'', '"');
    }

    private int refused(String json) {
        return assertThrows(RejectedRequest.class, () -> parse(json, "k")).status();
    }
}
