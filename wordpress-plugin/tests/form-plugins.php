<?php
/**
 * Form plugins as far as an adapter sees them: their presence, and objects of the shape that their
 * hooks pass on.
 *
 * @package AI_Relay
 */

define( 'FLUENTFORM', true );
define( 'ELEMENTOR_PRO_VERSION', '3.25.0' );

class GFForms {}

function wpforms() {}

class WPCF7_Submission {

	public static ?self $instance = null;
	private array $posted;
	private array $meta;

	public function __construct( array $posted, array $meta = array() ) {
		$this->posted = $posted;
		$this->meta   = $meta;
	}

	public static function get_instance() {
		return self::$instance;
	}

	public function get_posted_data() {
		return $this->posted;
	}

	public function get_meta( $name ) {
		return $this->meta[ $name ] ?? null;
	}
}

class FakeContactForm {

	private array $tags;

	/** Names by type. */
	public function __construct( array $tags ) {
		$this->tags = $tags;
	}

	public function id() {
		return 42;
	}

	public function title() {
		return 'Contact "us"';
	}

	public function scan_form_tags() {
		$tags = array();
		foreach ( $this->tags as $name => $type ) {
			$tags[] = (object) array( 'type' => "$type*", 'basetype' => $type, 'name' => $name );
		}
		$tags[] = (object) array( 'type' => 'submit', 'basetype' => 'submit', 'name' => '' );
		return $tags;
	}
}

class FakeElementorRecord {

	private array $fields;

	public function __construct( array $fields ) {
		$this->fields = $fields;
	}

	public function get( $name ) {
		return array(
			'fields' => $this->fields,
			'meta'   => array( 'page_url' => array( 'title' => 'Page URL', 'value' => 'https://example.test/quote/?from=mail' ) ),
		)[ $name ] ?? null;
	}

	public function get_form_settings( $name ) {
		return array( 'id' => 'a1b2c3d', 'form_name' => 'Quote' )[ $name ] ?? null;
	}
}
