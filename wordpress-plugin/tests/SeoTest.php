<?php
/**
 * SEO texts in the fields of an SEO plugin, or in a meta tag of our own.
 *
 * @package AI_Relay
 */

final class SeoTest extends ResultTestCase {

	private const PLUGIN = WPMU_PLUGIN_DIR . '/seo-plugin.php';

	/** Fields of a plugin that is not there. */
	private const FIELDS = array(
		'seo_title'       => '_yoast_wpseo_title',
		'seo_description' => '_yoast_wpseo_metadesc',
	);

	public static function fields(): array {
		return self::FIELDS;
	}

	protected function setUp(): void {
		parent::setUp();
		add_filter( 'ai_relay_seo_fields', array( self::class, 'fields' ) );
		update_option( 'ai_relay_seo', 'plugin' );
	}

	protected function tearDown(): void {
		remove_filter( 'ai_relay_seo_fields', array( self::class, 'fields' ) );
		if ( file_exists( self::PLUGIN ) ) {
			unlink( self::PLUGIN );
		}
		parent::tearDown();
	}

	private function seo( int $post_id ): array {
		return array_map(
			static function ( $key ) use ( $post_id ) {
				return get_post_meta( $post_id, $key, true );
			},
			array_values( self::FIELDS )
		);
	}

	private function another_title( int $post_id, string $title ): array {
		return $this->another( $post_id, $title, array( 'result' => array( 'seo_title' => $title ) ) );
	}

	/** The head of a page, as a visitor gets it. */
	private function page( int $post_id ): string {
		return (string) preg_replace( '#</head>.*#s', '', wp_remote_retrieve_body( wp_remote_get( getenv( 'WP_URL' ) . "/?p=$post_id" ) ) );
	}

	public function test_the_form_speaks_of_a_plugin_that_a_filter_knows(): void {
		self::assertStringContainsString( 'fields of your SEO plugin', ai_relay_result_fields()['seo']['choices']['plugin'] );
		self::assertStringContainsString( 'Not while your SEO plugin is active', ai_relay_result_fields()['seo']['choices']['tag'] );
		remove_filter( 'ai_relay_seo_fields', array( self::class, 'fields' ) );
		self::assertStringContainsString( 'None of them is active', ai_relay_result_fields()['seo']['choices']['plugin'] );
		self::assertSame( 'Print the description as a meta tag.', ai_relay_result_fields()['seo']['choices']['tag'] );
	}

	public static function plugins(): array {
		return array(
			'Yoast SEO' => array( 'WPSEO_VERSION', array( '_yoast_wpseo_title', '_yoast_wpseo_metadesc' ) ),
			'Rank Math' => array( 'RANK_MATH_VERSION', array( 'rank_math_title', 'rank_math_description' ) ),
			'SEOPress'  => array( 'SEOPRESS_VERSION', array( '_seopress_titles_title', '_seopress_titles_desc' ) ),
		);
	}

	/** @dataProvider plugins */
	public function test_the_fields_of_the_plugin_that_is_active_are_written( string $constant, array $keys ): void {
		file_put_contents( self::PLUGIN, "<?php define( '$constant', '1.0' );" );
		$id = $this->make_post();
		self::assertSame( 'applied', $this->send( $this->enrichment( $id ) )['body']['status'] );
		self::assertSame( array( 'A better title', 'Why one should read it.' ), array( get_post_meta( $id, $keys[0], true ), get_post_meta( $id, $keys[1], true ) ) );
	}

	public function test_no_field_is_written_without_the_owners_choice(): void {
		foreach ( array( '', 'tag' ) as $choice ) {
			update_option( 'ai_relay_seo', $choice );
			$id = $this->make_post();
			$this->apply( $this->another_title( $id, "Title $choice" ) );
			self::assertSame( array( '', '' ), $this->seo( $id ) );
		}
	}

	public function test_what_a_person_wrote_into_the_plugin_stays_and_what_we_wrote_follows(): void {
		$id = $this->make_post();
		update_post_meta( $id, '_yoast_wpseo_metadesc', 'Mine' );
		$this->apply( $this->another_title( $id, 'First' ) );
		$this->apply( $this->another_title( $id, 'Second' ) );
		self::assertSame( array( 'Second', 'Mine' ), $this->seo( $id ) );
		ai_relay_edit_texts( $id, array( 'seo_title' => 'Edited' ) );
		self::assertSame( array( 'Edited', 'Mine' ), $this->seo( $id ), 'an edit in our panel' );
		ai_relay_edit_texts( $id, array( 'seo_title' => '', 'seo_description' => '' ) );
		self::assertSame( array( '', 'Mine' ), $this->seo( $id ) );
	}

	public function test_undoing_undoes_there_as_well_unless_it_was_changed_there(): void {
		$id = $this->make_post();
		$this->apply( $this->enrichment( $id ) );
		update_post_meta( $id, '_yoast_wpseo_metadesc', 'Mine' );
		ai_relay_undo_result( (int) $this->results()[0]->id );
		self::assertSame( array( '', 'Mine' ), $this->seo( $id ) );
	}

	public function test_a_field_that_its_plugin_refuses_does_not_stop_the_result(): void {
		$refuse = static function ( $result, $post_id, $key ) {
			return '_yoast_wpseo_title' === $key ? false : $result;
		};
		$id     = $this->make_post();
		add_filter( 'update_post_metadata', $refuse, 10, 3 );
		$status = $this->apply( $this->enrichment( $id ) );
		remove_filter( 'update_post_metadata', $refuse );
		self::assertSame( 'applied', $status );
		self::assertSame( array( '', 'Why one should read it.' ), $this->seo( $id ) );
	}

	public function test_no_variable_of_an_seo_plugin_gets_into_its_fields(): void {
		$id = $this->make_post();
		$this->apply( $this->another_title( $id, '%%cf_phone%% %sitename% %customfield(a)% from 5% to 10% off' ) );
		self::assertSame( 'cf_phone sitename customfield(a) from 5% to 10% off', $this->seo( $id )[0] );
	}

	public function test_the_meta_tag_is_printed_and_escaped_where_the_owner_wants_it(): void {
		$id  = $this->make_post();
		$tag = '<meta name="description" content="&quot;Five&quot; &gt; &amp; four">';
		update_post_meta( $id, 'ai_relay_seo_description', '"Five" > & four' );
		self::assertStringNotContainsString( $tag, $this->page( $id ) );
		update_option( 'ai_relay_seo', 'tag' );
		self::assertStringContainsString( $tag, $this->page( $id ) );
		wp_update_post( array( 'ID' => $id, 'post_password' => 'secret' ) );
		self::assertStringNotContainsString( 'name="description"', $this->page( $id ), 'what has a password says nothing' );
	}

	public function test_no_meta_tag_is_printed_beside_an_seo_plugin(): void {
		update_option( 'ai_relay_seo', 'tag' );
		$id = $this->make_post();
		update_post_meta( $id, 'ai_relay_seo_description', 'Described.' );
		foreach ( array( 'WPSEO_VERSION', 'AIOSEO_VERSION' ) as $constant ) {
			file_put_contents( self::PLUGIN, "<?php define( '$constant', '1.0' );" );
			self::assertStringNotContainsString( 'name="description"', $this->page( $id ) );
		}
	}
}
