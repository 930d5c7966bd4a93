/* SPDX-License-Identifier: Apache-2.0 */
/* The C face of libsapulse, for C and for languages that call C.
 *
 * Objects are opaque and belong to the caller until they are closed. Strings that are passed in are UTF-8, end with 0
 * and are not kept. The first member `size` of every structure is set by who makes it, the caller or, for callbacks,
 * the library, to sizeof the structure. So programs work with later versions of the library, which may know more
 * members, and with earlier ones as long as the members that these do not know are 0. A size that is less than that of
 * version 1 is refused with SAPULSE_INVALID_ARGUMENT. All elements of an array have the size of its first.
 *
 * Errors: functions return a sapulse_status. What went wrong and where is said by sapulse_last_error(), for the last
 * call of the same thread that failed. No message contains key material.
 *
 * Threads: all functions are thread-safe unless they say otherwise. Calls on one endpoint are executed one at a
 * time, in the order in which they come. A call that waits (sapulse_poll(), sapulse_ping(), sapulse_probe_mtu()) lets
 * the others go on meanwhile, and takes note of what they do; one that writes to a disk or changes SAs does not.
 * Callbacks run inside the functions that say so, in whichever thread of the program has called such a function, while
 * the endpoint is taken: they may call functions on other endpoints and those marked "callbacks: yes".
 */
#ifndef SAPULSE_SAPULSE_H
#define SAPULSE_SAPULSE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define SAPULSE_API __attribute__((visibility("default")))
#else
#define SAPULSE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Why a function failed. */
typedef enum sapulse_status {
  SAPULSE_OK = 0,
  SAPULSE_INVALID_ARGUMENT = 1, /**< something out of range */
  SAPULSE_NOT_FOUND = 2,        /**< no such SA, device or file */
  SAPULSE_EXISTS = 3,           /**< an SA with this SPI is installed already */
  SAPULSE_NO_SPACE = 4,         /**< table, ring, memory or the caller's array is full */
  SAPULSE_INCOMPATIBLE = 5,     /**< device of another version or build */
  SAPULSE_DEVICE_ERROR = 6,     /**< the device answered with an error or not at all */
  SAPULSE_DMA_FAULT = 7,        /**< the device accessed memory it was not given */
  SAPULSE_TIMEOUT = 8,          /**< nothing happened in time */
  SAPULSE_IO_ERROR = 9,         /**< operating system call failed */
  SAPULSE_PARSE_ERROR = 10,     /**< malformed file or frame */
  SAPULSE_UNSUPPORTED = 11,     /**< this device lacks the feature */
  SAPULSE_INTERNAL = 12         /**< out of memory, or a defect of the library */
} sapulse_status;

/** A card with its SAs, errors, pings and liveness. */
typedef struct sapulse_endpoint sapulse_endpoint;

/** Version of the library, "1.0.0". Callbacks: yes. */
SAPULSE_API const char* sapulse_version(void);

/** Name of a status, "not_found"; "?" for other values. Callbacks: yes. */
SAPULSE_API const char* sapulse_status_name(sapulse_status status);

/** Message of the last call of this thread that failed, "" if none did; valid until the thread's next call that fails.
 * Callbacks: yes. */
SAPULSE_API const char* sapulse_last_error(void);

/** Opens a card and programs it from a configuration file.
 * @param device     "model", "sim", "vfio:0000:41:00.0", ...: the backends that the library was built with
 * @param config     path of a configuration file (docs/host-library.md)
 * @param state      directory for what survives (SAs, sequence numbers, secret), made if need be; NULL: nothing does
 * @param endpoint   receives the endpoint; NULL if the call fails
 * Errors: all. */
SAPULSE_API sapulse_status sapulse_open(const char* device, const char* config, const char* state,
                                        sapulse_endpoint** endpoint);

/** Stops the card cleanly and frees the endpoint, whatever is returned. NULL is allowed. No other call on it may be
 * under way or follow. */
SAPULSE_API sapulse_status sapulse_close(sapulse_endpoint* endpoint);

/** What a card says about itself. */
typedef struct sapulse_info {
  size_t size;
  uint32_t version_major; /**< of the register interface */
  uint32_t version_minor;
  uint32_t sa_capacity;
  uint32_t clock_khz;
  int has_requester; /**< it can ask: pings, host-driven liveness */
  int has_prober;    /**< it can watch by itself */
} sapulse_info;
SAPULSE_API sapulse_status sapulse_get_info(sapulse_endpoint* endpoint, sapulse_info* info);

/** One direction of an SA. */
typedef struct sapulse_direction {
  size_t size;
  uint32_t spi;             /**< at least 256 */
  const uint8_t* key;       /**< of the cipher */
  size_t key_size;          /**< 16..64; 0 for ESP without encryption */
  const uint8_t* salt;      /**< of an AEAD cipher; NULL: none */
  size_t salt_size;         /**< 3 or 4; 0: none */
  const uint8_t* integrity; /**< of the MAC, for ciphers that have one beside them; NULL: none */
  size_t integrity_size;    /**< 16..64; 0: none */
} sapulse_direction;

typedef enum sapulse_encapsulation { SAPULSE_ESP = 0, SAPULSE_UDP = 1, SAPULSE_AH = 2 } sapulse_encapsulation;

/** How the peer is reached. */
typedef struct sapulse_path {
  size_t size;
  uint8_t own_mac[6];
  uint8_t peer_mac[6];
  uint32_t vlan_tags; /**< 0..2 */
  uint32_t vlan[2];   /**< TPID << 16 | TCI, outer one first */
  sapulse_encapsulation encapsulation;
  uint16_t own_port; /**< SAPULSE_UDP only */
  uint16_t peer_port;
  uint8_t control_spi; /**< the peer's; 0: the default */
  uint8_t dscp;
} sapulse_path;

/** An SA pair. Keys are copied and may be wiped after the call. */
typedef struct sapulse_sa {
  size_t size;
  const char* name;
  const char* local; /**< IP addresses as text */
  const char* peer;
  const sapulse_direction* in;
  const sapulse_direction* out;
  uint64_t next;            /**< first control sequence number to send; 0: chosen by the library */
  int plain;                /**< the control channel uses an AES-GCM key and salt as they are */
  const sapulse_path* path; /**< NULL: the card cannot ask this peer */
} sapulse_sa;

/** Installs SAs, all or none; with a state directory they are on disk when this returns. Runs callbacks. */
SAPULSE_API sapulse_status sapulse_sa_add(sapulse_endpoint* endpoint, const sapulse_sa* sas, size_t count);
/** Replaces the SA with inbound SPI `spi_in`: every packet sees the old or the new one. Runs callbacks. */
SAPULSE_API sapulse_status sapulse_sa_replace(sapulse_endpoint* endpoint, uint32_t spi_in, const sapulse_sa* sa);
/** Removes SAs; their keys have been overwritten on the card when this returns. Runs callbacks. */
SAPULSE_API sapulse_status sapulse_sa_remove(sapulse_endpoint* endpoint, const uint32_t* spis_in, size_t count);

/** An installed SA. */
typedef struct sapulse_sa_info {
  size_t size;
  uint32_t number; /**< on the card */
  uint32_t spi_in;
  uint32_t spi_out;
  char name[64];  /**< cut if longer */
  char local[46]; /**< as text */
  char peer[46];
  int has_path;
  int admin_down;
} sapulse_sa_info;
/** Lists the installed SAs in the order of their numbers.
 * @param sas    array of `*count` elements, `size` of the first set; NULL: only count
 * @param count  in: elements; out: SAs that there are
 * Errors: SAPULSE_NO_SPACE (more than fit; those that do are there). */
SAPULSE_API sapulse_status sapulse_sa_list(sapulse_endpoint* endpoint, sapulse_sa_info* sas, size_t* count);

/** Counters and sequence numbers of an SA, read from the card at one moment. */
typedef struct sapulse_sa_statistics {
  size_t size;
  uint64_t window_top; /**< highest control sequence number accepted */
  uint64_t next;       /**< next control sequence number to send */
  uint32_t accepted;   /**< nested packets */
  uint32_t replayed;
  uint32_t rejected;
  int data_sequence_valid;
  uint32_t data_sequence; /**< highest customer sequence number seen, low 32 bits */
  uint64_t time;          /**< clock of the card, ns */
} sapulse_sa_statistics;
SAPULSE_API sapulse_status sapulse_sa_get_statistics(sapulse_endpoint* endpoint, uint32_t spi_in,
                                                     sapulse_sa_statistics* statistics);

/** What became of a ping. */
typedef struct sapulse_ping_result {
  size_t size;
  uint32_t spi_in;
  int answered; /**< 0: no reply in time; the rest is 0 then but transaction and n */
  uint32_t transaction;
  uint64_t n; /**< control sequence number of the request */
  uint64_t rtt_ns;
  int times_valid;        /**< the peer has told its times */
  int64_t forward_ns;     /**< difference of the two clocks on the way there */
  int64_t backward_ns;    /**< and back */
  uint64_t turnaround_ns; /**< time that the peer took */
  int data_sequence_valid;
  uint32_t data_sequence; /**< highest customer sequence number that the peer has seen */
  int token_valid;
  uint8_t token[16];
  uint8_t token_nonce[8];
  uint32_t frame_length; /**< of the reply, bytes */
} sapulse_ping_result;

/** Sends an encrypted ping and waits for what becomes of it. An unanswered ping is no error. Runs callbacks.
 * @param data_bytes  0..9000; from 56 on with telemetry */
SAPULSE_API sapulse_status sapulse_ping(sapulse_endpoint* endpoint, uint32_t spi_in, size_t data_bytes,
                                        uint64_t timeout_ns, sapulse_ping_result* result);

/** Told of the end of a ping: status SAPULSE_OK and the result, or why the card could not send it (result NULL). */
typedef void (*sapulse_ping_callback)(void* user, sapulse_status status, const sapulse_ping_result* result);
/** Sends an encrypted ping; `callback` is called exactly once if this returns SAPULSE_OK, as callbacks are. Pings
 * that are outstanding when the endpoint is closed end with SAPULSE_DEVICE_ERROR in sapulse_close(). */
SAPULSE_API sapulse_status sapulse_ping_start(sapulse_endpoint* endpoint, uint32_t spi_in, size_t data_bytes,
                                              uint64_t timeout_ns, sapulse_ping_callback callback, void* user);

/** Searches the largest IP packet that reaches the peer and comes back, in steps of 4 bytes. Runs callbacks.
 * @param most    largest to try, bytes
 * @param passed  largest that was answered, 0: none */
SAPULSE_API sapulse_status sapulse_probe_mtu(sapulse_endpoint* endpoint, uint32_t spi_in, size_t most,
                                             uint64_t timeout_ns, size_t* passed);

typedef enum sapulse_liveness {
  SAPULSE_INIT = 0,
  SAPULSE_UP = 1,
  SAPULSE_SUSPECT = 2,
  SAPULSE_DOWN = 3,
  SAPULSE_LOST = 4,
  SAPULSE_ADMIN_DOWN = 5
} sapulse_liveness;

/** Name of a state, "admin-down"; "?" for other values. Callbacks: yes. */
SAPULSE_API const char* sapulse_liveness_name(sapulse_liveness state);

/** How an SA is watched; dead after multiplier x interval without a sign of life. */
typedef struct sapulse_watch_settings {
  size_t size;
  uint64_t interval_ns;
  uint32_t multiplier;     /**< 1..255 */
  uint32_t jitter_percent; /**< 0..25 */
  uint32_t data_bytes;     /**< of each probe, 56..9000; 0: 56 */
  int by_host;             /**< 1: the host sends the probes, 0: the card's prober does */
  int data_alive;          /**< customer packets count as signs of life */
} sapulse_watch_settings;
/** Watches an SA, or changes how, at any time. Runs callbacks, as sapulse_unwatch() does. */
SAPULSE_API sapulse_status sapulse_watch(sapulse_endpoint* endpoint, uint32_t spi_in,
                                         const sapulse_watch_settings* settings);
SAPULSE_API sapulse_status sapulse_unwatch(sapulse_endpoint* endpoint, uint32_t spi_in);

/** State of a watched SA. Errors: SAPULSE_NOT_FOUND (not watched). */
SAPULSE_API sapulse_status sapulse_get_liveness(sapulse_endpoint* endpoint, uint32_t spi_in, sapulse_liveness* state);

/** A change of state. The strings are valid during the call. */
typedef struct sapulse_change {
  size_t size;
  uint32_t spi_in;
  uint32_t spi_out;
  const char* name; /**< of the SA */
  const char* peer; /**< address */
  sapulse_liveness from;
  sapulse_liveness to;
  const char* reason; /**< "silence", "crash-token", ... */
  uint64_t time;      /**< clock of the card, ns */
  const char* line;   /**< all of it with the evidence as one line of key=value */
} sapulse_change;
typedef void (*sapulse_change_callback)(void* user, const sapulse_change* change);
/** `callback` is called with each change of state from the functions that run callbacks; NULL: none. */
SAPULSE_API sapulse_status sapulse_on_change(sapulse_endpoint* endpoint, sapulse_change_callback callback, void* user);

/** Takes an SA down administratively, or up again. Runs callbacks. */
SAPULSE_API sapulse_status sapulse_set_admin_down(sapulse_endpoint* endpoint, uint32_t spi_in, int down);

/** An exception: a frame that the card has handed to the host, and what became of it. */
typedef struct sapulse_exception {
  size_t size;
  const char* cause;   /**< "unknown_spi", ... */
  const char* verdict; /**< "sent", ... */
  uint32_t spi;
  uint32_t sequence;
  uint64_t time;           /**< clock of the card, ns */
  const uint8_t* snapshot; /**< first bytes of the frame, valid during the call */
  size_t snapshot_size;
} sapulse_exception;
typedef void (*sapulse_exception_callback)(void* user, const sapulse_exception* exception);
/** `callback` is called with each exception from the functions that run callbacks; NULL: none. */
SAPULSE_API sapulse_status sapulse_on_exception(sapulse_endpoint* endpoint, sapulse_exception_callback callback,
                                                void* user);

/** Waits up to `timeout_ns` of the card's time for something to happen and handles all that has. Runs callbacks. Has to
 * be called again and again: liveness, errors and pings with callbacks live on it. */
SAPULSE_API sapulse_status sapulse_poll(sapulse_endpoint* endpoint, uint64_t timeout_ns);

/** For event loops of one's own: a descriptor that poll() and its like find readable when there is something for
 * sapulse_poll() to do, and when another thread has used the endpoint since sapulse_prepare_sleep(). It belongs to the
 * endpoint and stays the same. One loop of an endpoint's can sleep on it.
 * @param descriptor  -1: the device has none; sapulse_prepare_sleep() gives a time in which to look again */
SAPULSE_API sapulse_status sapulse_event_descriptor(sapulse_endpoint* endpoint, int* descriptor);
/** Gets ready to sleep on it: to be called after sapulse_poll(endpoint, 0), before each sleep. A simulated card goes on
 * by itself until the next call on the endpoint.
 * @param longest_ns  real time after which sapulse_poll() has to be called whatever happens; 0: it has something to do
 *                    now; UINT64_MAX: never */
SAPULSE_API sapulse_status sapulse_prepare_sleep(sapulse_endpoint* endpoint, uint64_t* longest_ns);

/** Clock of the card, ns. */
SAPULSE_API sapulse_status sapulse_get_time(sapulse_endpoint* endpoint, uint64_t* time);

/** Number of counters that sapulse_read_counters() knows, and their names ("line_rx_frames"); NULL beyond. Callbacks:
 * yes. */
SAPULSE_API size_t sapulse_counter_count(void);
SAPULSE_API const char* sapulse_counter_name(size_t position);
/** Reads the first `count` counters. */
SAPULSE_API sapulse_status sapulse_read_counters(sapulse_endpoint* endpoint, uint64_t* values, size_t count);

#ifdef __cplusplus
}
#endif

#endif
