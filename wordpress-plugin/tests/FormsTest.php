<?php
/**
 * Forms that are filled in become leads, through the hooks of five form plugins.
 *
 * @package AI_Relay
 */

final class FormsTest extends SiteTestCase {

	private const KEY = 'thirty-two bytes for a test key!';

	public static function setUpBeforeClass(): void {
		require_once __DIR__ . '/form-plugins.php';
	}

	/** The one event there is, of which these fields are in clear. */
	private function assert_lead( array $fields, string $form, $lead_id ): array {
		$events = $this->events();
		self::assertCount( 1, $events );
		self::assertSame( array( 'lead.captured', $form, $fields ), array( $events[0]['event'], $events[0]['form'], $events[0]['fields'] ) );
		if ( null !== $lead_id ) {
			self::assertSame( $lead_id, $events[0]['lead_id'] );
		}
		return $events[0];
	}

	private function contact_form_7( array $posted, array $tags, array $meta = array() ): void {
		WPCF7_Submission::$instance = new WPCF7_Submission( $posted, $meta );
		do_action( 'wpcf7_mail_sent', new FakeContactForm( $tags ) );
	}

	public function test_contact_form_7(): void {
		$this->contact_form_7(
			array(
				'your-name'              => 'Ada Lovelace',
				'your-email'             => 'ada@example.test',
				'your-message'           => "Two\nlines, \"quoted\" – 日本語",
				'topic'                  => array( 'Sales', 'Support' ),
				'cv'                     => 'e3b0c44298',
				'terms'                  => '1',
				'secret-hidden'          => 'abc',
				'cf-turnstile-response'  => '0.token',
				'not-a-field-of-it'      => 'posted by hand',
			),
			array( 'your-name' => 'text', 'your-email' => 'email', 'your-message' => 'textarea', 'topic' => 'checkbox', 'cv' => 'file', 'terms' => 'acceptance', 'secret-hidden' => 'hidden', 'empty' => 'text' ),
			array( 'url' => 'https://example.test/contact/?email=ada@example.test#form' )
		);
		$lead = $this->assert_lead( array( 'your-message' => "Two\nlines, \"quoted\" – 日本語", 'topic' => 'Sales, Support' ), 'Contact "us"', null );
		self::assertSame( 'https://example.test/contact/', $lead['url'] );
		self::assertMatchesRegularExpression( '/^[0-9a-f]{24}$/', $lead['lead_id'] );
		self::assertDoesNotMatchRegularExpression( '/ada|lovelace/i', $this->outbox()[0]->payload );
	}

	public function test_contact_form_7_with_a_mail_that_failed_is_a_lead_too_but_not_two(): void {
		$this->contact_form_7( array( 'm' => 'Hello' ), array( 'm' => 'textarea' ) );
		do_action( 'wpcf7_mail_failed', new FakeContactForm( array( 'm' => 'textarea' ) ) );
		$this->assert_lead( array( 'm' => 'Hello' ), 'Contact "us"', null );
		$this->contact_form_7( array( 'm' => 'Another' ), array( 'm' => 'textarea' ) );
		self::assertCount( 2, $this->outbox() );
	}

	public function test_contact_form_7_that_is_not_to_be_stored_is_not_sent(): void {
		$this->contact_form_7( array( 'm' => 'Hello' ), array( 'm' => 'textarea' ), array( 'do_not_store' => true ) );
		self::assertSame( array(), $this->outbox() );
	}

	public function test_wpforms(): void {
		$fields = array(
			0 => array( 'name' => 'Name', 'value' => 'Ada Lovelace', 'id' => 0, 'type' => 'name', 'first' => 'Ada' ),
			1 => array( 'name' => 'E-Mail', 'value' => 'ada@example.test', 'id' => 1, 'type' => 'email' ),
			2 => array( 'name' => 'What is it about?', 'value' => "Sales\nSupport", 'id' => 2, 'type' => 'checkbox' ),
			3 => array( 'name' => 'Message', 'value' => 'Hello', 'id' => 3, 'type' => 'textarea' ),
			4 => array( 'name' => 'Upload', 'value' => 'https://example.test/uploads/cv.pdf', 'id' => 4, 'type' => 'file-upload' ),
			5 => array( 'name' => 'Choose a password', 'value' => 'hunter2', 'id' => 5, 'type' => 'password' ),
			6 => array( 'name' => 'Card', 'value' => 'XXXXXXXXXXXX4242', 'id' => 6, 'type' => 'stripe-credit-card' ),
			7 => array( 'name' => 'GDPR', 'value' => 'I agree', 'id' => 7, 'type' => 'gdpr-checkbox' ),
			8 => array( 'name' => 'Message', 'value' => 'Hello again', 'id' => 8, 'type' => 'textarea' ),
		);
		$form   = array( 'id' => 7, 'settings' => array( 'form_title' => 'Write to us' ), 'entry_meta' => array( 'page_url' => 'https://example.test/write/' ) );
		do_action( 'wpforms_process_complete', $fields, array(), $form, 31 );
		do_action( 'wpforms_process_complete', $fields, array(), $form, 31 );
		$this->assert_lead( array( 'What is it about?' => 'Sales, Support', 'Message' => 'Hello', 'Message (2)' => 'Hello again' ), 'Write to us', 31 );
		do_action( 'wpforms_process_complete', $fields, array(), array( 'spam_reason' => 'Akismet' ) + $form, 32 );
		self::assertCount( 1, $this->outbox(), 'spam is none' );
		do_action( 'wpforms_process_complete', $fields, array(), $form, 0 );
		do_action( 'wpforms_process_complete', $fields, array(), $form, 0 );
		self::assertCount( 2, $this->outbox(), 'without a number it goes by what was entered' );
	}

	public function test_gravity_forms(): void {
		$form  = array(
			'id'     => 3,
			'title'  => 'Quote',
			'fields' => array(
				new ArrayObject( array( 'id' => 1, 'type' => 'name', 'label' => 'Name', 'inputs' => array( array( 'id' => '1.3' ), array( 'id' => '1.6' ) ) ) ),
				new ArrayObject( array( 'id' => 2, 'type' => 'email', 'label' => 'Email', 'inputs' => null ) ),
				new ArrayObject( array( 'id' => 3, 'type' => 'checkbox', 'label' => 'Services', 'inputs' => array( array( 'id' => '3.1' ), array( 'id' => '3.2' ), array( 'id' => '3.3' ) ) ) ),
				new ArrayObject( array( 'id' => 4, 'type' => 'multiselect', 'label' => 'Days' ) ),
				new ArrayObject( array( 'id' => 5, 'type' => 'list', 'label' => 'Items' ) ),
				new ArrayObject( array( 'id' => 6, 'type' => 'creditcard', 'label' => 'Pay', 'inputs' => array( array( 'id' => '6.1' ) ) ) ),
				new ArrayObject( array( 'id' => 7, 'type' => 'fileupload', 'label' => 'Plan' ) ),
				new ArrayObject( array( 'id' => 8, 'type' => 'address', 'label' => 'Where', 'inputs' => array( array( 'id' => '8.1' ), array( 'id' => '8.3' ) ) ) ),
				new ArrayObject( array( 'id' => 9, 'type' => 'consent', 'label' => 'Yes', 'inputs' => array( array( 'id' => '9.1' ) ) ) ),
				new ArrayObject( array( 'id' => 10, 'type' => 'text', 'label' => '', 'adminLabel' => 'Budget' ) ),
			),
		);
		$entry = array(
			'id' => '512', 'status' => 'active', 'source_url' => 'https://example.test/quote/', '1.3' => 'Ada', '1.6' => 'Lovelace', '2' => 'ada@example.test', '3.1' => 'Roof', '3.2' => '', '3.3' => 'Wall',
			'4' => '["Mon","Tue"]', '5' => serialize( array( array( 'Tile' => 'red', 'Number' => '5' ) ) ), '6.1' => 'XXXX4242', '7' => 'https://example.test/plan.pdf', '8.1' => 'Street 1', '8.3' => 'Town', '9.1' => '1', '10' => '1000',
		);
		do_action( 'gform_after_submission', $entry, $form );
		do_action( 'gform_after_submission', $entry, $form );
		$this->assert_lead( array( 'Services' => 'Roof, Wall', 'Days' => 'Mon, Tue', 'Items' => 'red, 5', 'Budget' => '1000' ), 'Quote', 512 );
		do_action( 'gform_after_submission', array( 'id' => '513', 'status' => 'spam' ) + $entry, $form );
		self::assertCount( 1, $this->outbox() );
		update_option( 'ai_relay_personal', 'clear' );
		do_action( 'gform_after_submission', array( 'id' => '514' ) + $entry, $form );
		self::assertSame( array( 'Ada Lovelace', 'Street 1, Town' ), array( $this->events()[1]['fields']['Name'], $this->events()[1]['fields']['Where'] ) );
	}

	public function test_fluent_forms_which_fire_two_hooks(): void {
		$form = (object) array(
			'id'          => 9,
			'title'       => 'Ask',
			'form_fields' => wp_json_encode(
				array(
					'fields' => array(
						array( 'element' => 'input_name', 'attributes' => array( 'name' => 'names' ), 'settings' => array( 'admin_field_label' => 'Who' ), 'fields' => array( 'first_name' => array( 'element' => 'input_text', 'attributes' => array( 'name' => 'first_name' ) ) ) ),
						array( 'element' => 'container', 'columns' => array( array( 'fields' => array( array( 'element' => 'textarea', 'attributes' => array( 'name' => 'message' ), 'settings' => array( 'label' => 'Your question' ) ) ) ) ) ),
						array( 'element' => 'input_password', 'attributes' => array( 'name' => 'word' ), 'settings' => array( 'label' => 'Secret' ) ),
						array( 'element' => 'phone', 'attributes' => array( 'name' => 'number_1' ), 'settings' => array( 'label' => 'Call me' ) ),
					),
				)
			),
		);
		$data = array( 'names' => array( 'first_name' => 'Ada', 'last_name' => 'Lovelace' ), 'message' => 'Is it red?', 'word' => 'hunter2', 'number_1' => '+49 30 123456', '_wp_http_referer' => '/ask/?x=1', '__fluent_form_embded_post_id' => '5', '_fluentform_9_fluentformnonce' => 'abc' );
		do_action( 'fluentform_submission_inserted', 77, $data, $form );
		do_action( 'fluentform/submission_inserted', 77, $data, $form );
		$lead = $this->assert_lead( array( 'Your question' => 'Is it red?' ), 'Ask', 77 );
		self::assertSame( home_url( '/ask/' ), $lead['url'] );
	}

	public function test_elementor_forms(): void {
		$record = new FakeElementorRecord(
			array(
				'name'    => array( 'id' => 'name', 'type' => 'text', 'title' => 'Name', 'value' => 'Ada Lovelace', 'raw_value' => 'Ada Lovelace' ),
				'email'   => array( 'id' => 'email', 'type' => 'email', 'title' => 'Email', 'value' => 'ada@example.test' ),
				'message' => array( 'id' => 'message', 'type' => 'textarea', 'title' => '', 'value' => 'Hello' ),
				'doc'     => array( 'id' => 'doc', 'type' => 'upload', 'title' => 'Document', 'value' => 'https://example.test/doc.pdf' ),
				'ok'      => array( 'id' => 'ok', 'type' => 'acceptance', 'title' => 'OK', 'value' => 'on' ),
				'utm'     => array( 'id' => 'utm', 'type' => 'hidden', 'title' => 'utm', 'value' => 'x' ),
			)
		);
		do_action( 'elementor_pro/forms/new_record', $record, new stdClass() );
		do_action( 'elementor_pro/forms/new_record', $record, new stdClass() );
		$lead = $this->assert_lead( array( 'message' => 'Hello' ), 'Quote', null );
		self::assertSame( 'https://example.test/quote/', $lead['url'] );
	}

	public function test_what_is_never_sent_and_what_is_personal_goes_by_names_too(): void {
		$fields = array();
		$values = array(
			'Passwort' => 'hunter2', 'csrf_token' => 'abc', 'g-recaptcha-response' => 'abc', 'Card number' => '4111', 'CVC' => '123', 'Account' => '4111 1111 1111 1111', 'Sign here' => 'data:image/png;base64,AAAA', '_internal' => 'x',
			'Vorname' => 'Ada', 'Straße' => 'Weg 1', 'PLZ' => '10115', 'Ort' => 'Berlin', 'Téléphone' => '030', 'Mobile' => '4915112345675', 'user_name' => 'ada', 'Contact' => 'ada@example.test', 'Birthday' => '1815-12-10',
			'Company name' => 'Engines Ltd', 'Message' => 'Hello', 'Support or sales?' => 'Sales', '7' => 'seven',
		);
		foreach ( $values as $label => $value ) {
			$fields[] = array( 'name' => $label, 'type' => 'text', 'value' => $value );
		}
		ai_relay_capture_lead( array( 'plugin' => 'own', 'form' => 'Own', 'fields' => $fields ) );
		$this->assert_lead( array( 'Company name' => 'Engines Ltd', 'Message' => 'Hello', 'Support or sales?' => 'Sales', 7 => 'seven' ), 'Own', null );
		update_option( 'ai_relay_personal', 'clear' );
		ai_relay_capture_lead( array( 'plugin' => 'own', 'form' => 'Own', 'entry_id' => 'x-1', 'fields' => $fields ) );
		self::assertSame( 'x-1', $this->events()[1]['lead_id'] );
		self::assertCount( 13, $this->events()[1]['fields'] );
		self::assertDoesNotMatchRegularExpression( '/hunter2|abc|4111|"123"|base64/', $this->outbox()[1]->payload );
	}

	public function test_filters_say_what_is_sent_and_what_is_personal(): void {
		$send     = static function ( $send, $field ) {
			return 'utm' === $field['name'] ? true : $send;
		};
		$personal = static function ( $personal, $field ) {
			return 'member' === $field['name'] ? true : $personal;
		};
		add_filter( 'ai_relay_send_field', $send, 10, 2 );
		add_filter( 'ai_relay_personal_field', $personal, 10, 2 );
		ai_relay_capture_lead( array( 'form' => 'Own', 'fields' => array( array( 'name' => 'utm', 'type' => 'hidden', 'value' => 'spring' ), array( 'name' => 'member', 'value' => '815' ) ) ) );
		remove_filter( 'ai_relay_send_field', $send );
		remove_filter( 'ai_relay_personal_field', $personal );
		$this->assert_lead( array( 'utm' => 'spring' ), 'Own', null );
	}

	public function test_personal_fields_are_encrypted_as_the_relay_opens_them(): void {
		update_option( 'ai_relay_personal', 'encrypted' );
		update_option( 'ai_relay_pii_key', base64_encode( self::KEY ) );
		ai_relay_capture_lead( array( 'form' => 'Own', 'fields' => array( array( 'name' => 'your-name', 'value' => 'Ada „Lovelace“' ), array( 'name' => 'email', 'value' => 'ada@example.test' ), array( 'name' => 'message', 'value' => 'Hello' ) ) ) );
		$lead  = $this->assert_lead( array( 'message' => 'Hello' ), 'Own', null );
		$parts = array_map(
			static function ( $part ) {
				return base64_decode( strtr( $part, '-_', '+/' ) );
			},
			explode( '.', $lead['encrypted'] )
		);
		self::assertSame( array( '{"alg":"dir","enc":"A256GCM"}', '' ), array( $parts[0], $parts[1] ) );
		$opened = openssl_decrypt( $parts[3], 'aes-256-gcm', self::KEY, OPENSSL_RAW_DATA, $parts[2], $parts[4], explode( '.', $lead['encrypted'] )[0] );
		self::assertSame( array( 'your-name' => 'Ada „Lovelace“', 'email' => 'ada@example.test' ), json_decode( $opened, true ) );
	}

	/** The relay's own EncryptedFieldsTest opens this token. */
	public function test_the_token_is_the_one_that_the_relay_is_tested_with(): void {
		self::assertSame(
			'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..dHdlbHZlIGJ5dGVz.P8nQE7Uj1C3qOSvaG_EqrkA_g9NrtNpPQXZnR67Kq8pW_aLws9OzKSmx.5yDylnBKPjAtQoemhaECyQ',
			ai_relay_jwe( '{"name":"Ada","message":"Gr\u00fc\u00dfe"}', self::KEY, 'twelve bytes' )
		);
	}

	public static function keys_that_are_none(): array {
		return array( 'none' => array( '' ), 'no base64' => array( '%%%' ), 'too short' => array( base64_encode( 'short' ) ), 'too long' => array( base64_encode( str_repeat( 'x', 33 ) ) ) );
	}

	/** @dataProvider keys_that_are_none */
	public function test_without_a_good_key_personal_fields_are_left_out( string $key ): void {
		update_option( 'ai_relay_personal', 'encrypted' );
		update_option( 'ai_relay_pii_key', $key );
		ai_relay_capture_lead( array( 'form' => 'Own', 'fields' => array( array( 'name' => 'email', 'value' => 'ada@example.test' ) ) ) );
		$lead = $this->assert_lead( array(), 'Own', null );
		self::assertArrayNotHasKey( 'encrypted', $lead );
		self::assertStringContainsString( '"fields":{}', $this->outbox()[0]->payload );
	}

	public function test_a_lead_of_any_size_fits_the_relay(): void {
		update_option( 'ai_relay_personal', 'encrypted' );
		update_option( 'ai_relay_pii_key', base64_encode( self::KEY ) );
		$fields = array();
		for ( $i = 0; $i < 200; $i++ ) {
			$fields[] = array( 'name' => str_repeat( 'ü', 200 ) . $i, 'type' => $i % 2 ? 'text' : 'email', 'value' => str_repeat( '日', 200000 ) );
		}
		ai_relay_capture_lead( array( 'form' => str_repeat( 'F', 1000 ), 'fields' => $fields ) );
		self::assertLessThanOrEqual( 262144, strlen( $this->outbox()[0]->payload ) );
		self::assertLessThanOrEqual( 65536, strlen( $this->events()[0]['encrypted'] ) );
		self::assertCount( 50, $this->events()[0]['fields'] );
	}

	public function test_an_entry_that_is_not_understood_does_not_break_the_form(): void {
		$log = tempnam( sys_get_temp_dir(), 'log' );
		$was = ini_set( 'error_log', $log );
		do_action( 'elementor_pro/forms/new_record', 'not a record' );
		do_action( 'fluentform/submission_inserted' );
		do_action( 'gform_after_submission', null, null );
		do_action( 'wpforms_process_complete' );
		ini_set( 'error_log', $was );
		self::assertStringContainsString( 'an entry of elementor was not understood: Error in', file_get_contents( $log ) );
		unlink( $log );
		self::assertSame( array(), $this->outbox() );
	}

	public function test_a_form_plugin_that_is_not_there_or_leads_that_nobody_wants_make_no_event(): void {
		$form = array( 'read' => function () { return array( 'fields' => array( array( 'name' => 'a', 'value' => 'b' ) ) ); } );
		ai_relay_on_form( 'own', array( 'is_active' => '__return_false' ) + $form, array() );
		update_option( 'ai_relay_events', array( 'post.published' ) );
		ai_relay_on_form( 'own', array( 'is_active' => '__return_true' ) + $form, array() );
		self::assertSame( array(), $this->outbox() );
		update_option( 'ai_relay_events', array( 'lead.captured' ) );
		ai_relay_on_form( 'own', array( 'is_active' => '__return_true' ) + $form, array() );
		self::assertCount( 1, $this->outbox() );
	}

	public function test_the_settings_say_which_form_plugins_are_active(): void {
		$forms = array();
		$other = static function () use ( &$forms ) {
			return $forms;
		};
		add_filter( 'ai_relay_forms', $other );
		self::assertSame( 'No form plugin that is known is active here.', ai_relay_form_fields()['personal']['hint'] );
		$forms['one'] = array( 'title' => 'One', 'is_active' => '__return_true' );
		$forms['off'] = array( 'title' => 'Off', 'is_active' => '__return_false' );
		$forms['bad'] = array(
			'title'     => 'Bad',
			'is_active' => static function () {
				throw new RuntimeException( 'broken' );
			},
		);
		self::assertSame( 'One is active here.', ai_relay_forms_hint() );
		$forms['two'] = array( 'title' => 'Two', 'is_active' => '__return_true' );
		self::assertSame( 'One and Two are active here.', ai_relay_forms_hint() );
		remove_filter( 'ai_relay_forms', $other );
	}
}
