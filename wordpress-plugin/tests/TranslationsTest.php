<?php
/**
 * A person whose language is German reads German, on pages and in scripts.
 *
 * @package AI_Relay
 */

final class TranslationsTest extends SiteTestCase {

	use BrowserWithCookies;

	/** A page of the dashboard as the administrator's browser gets it. */
	private function page( string $path ): string {
		$this->log_in();
		return $this->browse( '/wp-admin/' . $path );
	}

	protected function tearDown(): void {
		delete_user_meta( get_current_user_id(), 'locale' );
		parent::tearDown();
	}

	public function test_the_dashboard_is_in_the_language_of_the_user(): void {
		self::assertStringContainsString( '>Endpoint<', $this->page( 'options-general.php?page=ai-relay' ) );
		update_user_meta( get_current_user_id(), 'locale', 'de_DE' );
		$page = $this->page( 'options-general.php?page=ai-relay' );
		self::assertStringContainsString( '>Endpunkt<', $page );
		self::assertStringNotContainsString( '>Endpoint<', $page );
	}

	public function test_the_panel_in_the_editor_is_too(): void {
		update_user_meta( get_current_user_id(), 'locale', 'de_DE' );
		$page = $this->page( 'post-new.php' );
		self::assertStringContainsString( 'editor-panel.js', $page );
		self::assertTrue( false !== strpos( $page, '"The AI result is here.":["Das Ergebnis der KI ist da."]' ) ); // Not a page of output if not.
	}
}
