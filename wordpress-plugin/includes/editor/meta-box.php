<?php
/**
 * The box of the classic editor: the same as the panel of the block editor, without a script. The texts are fields of
 * the post's own form; using, dismissing and undoing are links.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Adds the box; the block editor, which has the panel, leaves it out. */
function ai_relay_add_meta_box(): void {
	add_meta_box( 'ai-relay', __( 'AI Relay', 'ai-relay' ), 'ai_relay_meta_box', ai_relay_post_types(), 'normal', 'default', array( '__back_compat_meta_box' => true ) );
}
add_action( 'add_meta_boxes', 'ai_relay_add_meta_box' );

/** Loads what the box looks like; the panel and the list of comments have it too. */
function ai_relay_enqueue_results_style(): void {
	$screen = get_current_screen();
	if ( $screen && ( 'edit-comments' === $screen->id || ( 'post' === $screen->base && in_array( $screen->post_type, ai_relay_post_types(), true ) ) ) ) {
		wp_enqueue_style( 'ai-relay-results', plugins_url( 'assets/results.css', AI_RELAY_FILE ), array(), AI_RELAY_VERSION );
	}
}
add_action( 'admin_enqueue_scripts', 'ai_relay_enqueue_results_style' );

/**
 * Prints the box.
 *
 * @param WP_Post $post The post.
 */
function ai_relay_meta_box( WP_Post $post ): void {
	$state = ai_relay_post_state( $post->ID );
	echo '<div class="ai-relay-box">';
	wp_nonce_field( 'ai_relay_texts_' . $post->ID, 'ai_relay_nonce', false );
	if ( $state['suggestion'] ) {
		ai_relay_print_suggestion( $post->ID, $state['suggestion'] );
	}
	if ( ! array_filter( $state['values'] ) && ! $state['suggestion'] ) {
		printf( '<p class="ai-relay-note">%s</p>', esc_html( in_array( 'post.published', $state['awaited'], true ) ? __( 'The texts appear here after the post is published: open it again then.', 'ai-relay' ) : __( 'Posts are not sent to the AI: see Settings → AI Relay.', 'ai-relay' ) ) );
	}
	array_map( 'ai_relay_print_text_field', array_keys( $state['values'] ), $state['values'] );
	if ( $state['applied'] ) {
		printf( '<p class="ai-relay-origin">%s</p>', esc_html( $state['applied']['origin'] ) );
		ai_relay_print_action( 'undo', $post->ID, $state['applied']['result'], __( 'Undo', 'ai-relay' ) );
	}
	echo '</div>';
}

/**
 * Prints a field, and what it holds now, so that only what a person has changed is saved: a result may come while the
 * page is open.
 *
 * @param string          $name  One of AI_RELAY_SHOWN.
 * @param string|string[] $value What it holds.
 */
function ai_relay_print_text_field( string $name, $value ): void {
	$text  = implode( ', ', (array) $value );
	$limit = AI_RELAY_TEXTS[ $name ] ?? 0;
	$hint  = $limit
		/* translators: %d: how many characters a text may have. */
		? sprintf( __( 'Up to %d characters.', 'ai-relay' ), $limit )
		/* translators: %d: how many keywords there may be. */
		: sprintf( __( 'Up to %d, separated by commas.', 'ai-relay' ), AI_RELAY_KEYWORDS );
	printf( '<div class="ai-relay-field"><label for="ai-relay-%1$s">%2$s</label>', esc_attr( $name ), esc_html( ai_relay_labels()[ $name ] ) );
	$most = $limit ? $limit : AI_RELAY_KEYWORDS * ( AI_RELAY_KEYWORD_LENGTH + 2 );
	if ( $limit > 100 ) {
		printf( '<textarea id="ai-relay-%1$s" name="ai_relay_texts[%1$s]" rows="3" maxlength="%2$d" aria-describedby="ai-relay-%1$s-hint">%3$s</textarea>', esc_attr( $name ), (int) $most, esc_textarea( $text ) );
	} else {
		printf( '<input type="text" id="ai-relay-%1$s" name="ai_relay_texts[%1$s]" maxlength="%2$d" aria-describedby="ai-relay-%1$s-hint" value="%3$s">', esc_attr( $name ), (int) $most, esc_attr( $text ) );
	}
	printf( '<input type="hidden" name="ai_relay_were[%1$s]" value="%2$s"><p class="description" id="ai-relay-%1$s-hint">%3$s</p></div>', esc_attr( $name ), esc_attr( $text ), esc_html( $hint ) );
}

/**
 * Prints the suggestion that waits.
 *
 * @param int   $post_id    The post.
 * @param array $suggestion As ai_relay_post_state() has it.
 */
function ai_relay_print_suggestion( int $post_id, array $suggestion ): void {
	echo '<div class="ai-relay-suggestion"><h3>' . esc_html__( 'Suggestion', 'ai-relay' ) . '</h3>';
	printf( '<p class="ai-relay-note">%s</p><dl class="ai-relay-texts">', esc_html__( 'Somebody changed the post or these texts, so nothing was overwritten.', 'ai-relay' ) );
	foreach ( array_filter( $suggestion['values'] ) as $name => $value ) {
		printf( '<dt>%s</dt><dd>%s</dd>', esc_html( ai_relay_labels()[ $name ] ), esc_html( implode( ', ', (array) $value ) ) );
	}
	printf( '</dl><p class="ai-relay-origin">%s</p><div class="ai-relay-buttons">', esc_html( $suggestion['origin'] ) );
	ai_relay_print_action( 'use', $post_id, $suggestion['result'], __( 'Use', 'ai-relay' ) );
	ai_relay_print_action( 'dismiss', $post_id, $suggestion['result'], __( 'Dismiss', 'ai-relay' ) );
	echo '</div></div>';
}

/**
 * Prints a link that does something to a result.
 *
 * @param string $action    `use`, `dismiss` or `undo`.
 * @param int    $post_id   The post.
 * @param int    $result_id The result.
 * @param string $label     What it says.
 */
function ai_relay_print_action( string $action, int $post_id, int $result_id, string $label ): void {
	$address = add_query_arg(
		array(
			'action' => 'ai_relay_result',
			'do'     => $action,
			'post'   => $post_id,
			'result' => $result_id,
		),
		admin_url( 'admin-post.php' )
	);
	$class   = 'use' === $action ? 'button button-primary' : 'button';
	printf( '<a class="%s ai-relay-%s" href="%s">%s</a>', esc_attr( $class ), esc_attr( $action ), esc_url( wp_nonce_url( $address, 'ai_relay_result_' . $result_id ) ), esc_html( $label ) );
}

/** Takes such a link, and goes back to the post. */
function ai_relay_take_link(): void {
	$post_id   = absint( $_GET['post'] ?? 0 );
	$result_id = absint( $_GET['result'] ?? 0 );
	check_admin_referer( 'ai_relay_result_' . $result_id );
	if ( ! current_user_can( 'edit_post', $post_id ) ) {
		wp_die( esc_html__( 'You may not edit this post.', 'ai-relay' ), 403 );
	}
	$status = ai_relay_act_on_result( sanitize_key( wp_unslash( $_GET['do'] ?? '' ) ), $post_id, $result_id );
	wp_safe_redirect( add_query_arg( 'ai_relay_done', $status, (string) get_edit_post_link( $post_id, 'url' ) ) );
	exit;
}
add_action( 'admin_post_ai_relay_result', 'ai_relay_take_link' );

/** Says what a link came to. */
function ai_relay_link_notice(): void {
	// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- only chooses one of our sentences.
	$status = sanitize_key( wp_unslash( $_GET['ai_relay_done'] ?? '' ) );
	$text   = ai_relay_status_sentence( $status );
	if ( '' !== $text ) {
		$kind = in_array( $status, array( 'stale', 'unavailable', 'kept' ), true ) ? 'warning' : 'success';
		printf( '<div class="notice notice-%s is-dismissible" id="ai-relay-done"><p>%s</p></div>', esc_attr( $kind ), esc_html( $text ) );
	}
}
add_action( 'admin_notices', 'ai_relay_link_notice' );

/**
 * Takes the word out of the address again.
 *
 * @param string[] $names Of parameters.
 */
function ai_relay_removable_query_args( array $names ): array {
	return array_merge( $names, array( 'ai_relay_done' ) );
}
add_filter( 'removable_query_args', 'ai_relay_removable_query_args' );

/**
 * Saves what a person has changed in the box, together with the post.
 *
 * @param int $post_id The post.
 */
function ai_relay_save_meta_box( int $post_id ): void {
	$nonce = sanitize_key( wp_unslash( $_POST['ai_relay_nonce'] ?? '' ) ); // phpcs:ignore WordPress.Security.NonceVerification.Missing -- it is the nonce.
	if ( '' === $nonce || ! wp_verify_nonce( $nonce, 'ai_relay_texts_' . $post_id ) || ( defined( 'DOING_AUTOSAVE' ) && DOING_AUTOSAVE ) ) {
		return;
	}
	if ( wp_is_post_revision( $post_id ) || ! in_array( get_post_type( $post_id ), ai_relay_post_types(), true ) || ! current_user_can( 'edit_post', $post_id ) ) {
		return;
	}
	// phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- ai_relay_edit_texts() makes plain text of it.
	$texts  = map_deep( wp_unslash( (array) ( $_POST['ai_relay_texts'] ?? array() ) ), 'strval' );
	$were   = map_deep( wp_unslash( (array) ( $_POST['ai_relay_were'] ?? array() ) ), 'strval' ); // phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- only compared.
	$edited = array();
	foreach ( AI_RELAY_SHOWN as $name ) {
		if ( isset( $texts[ $name ] ) && is_string( $texts[ $name ] ) && ( $were[ $name ] ?? '' ) !== $texts[ $name ] ) {
			$edited[ $name ] = 'keywords' === $name ? explode( ',', $texts[ $name ] ) : $texts[ $name ];
		}
	}
	if ( $edited ) {
		ai_relay_edit_texts( $post_id, $edited );
	}
}
add_action( 'save_post', 'ai_relay_save_meta_box' );
