// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Launches tokens and keeps who made them
/// @notice Amounts of tokens are base units (whole tokens times 10^decimals), fees are wei. Every function that looks at
/// the caller takes the signer of a relayed request (ERC-2771) for it, and tolerates bytes after its ABI-encoded arguments.
interface IABTokenFactory {
    /// @param name 1 to 50 ASCII letters, digits and spaces, no space at either end
    /// @param symbol 1 to 10 upper-case ASCII letters and digits
    /// @param totalSupply base units: at least one whole token, at most 10^27 whole tokens
    /// @param decimals 0 to 18
    /// @param metadataURI where the description and logo lie: up to 512 printable ASCII characters without spaces, or empty
    struct TokenParameters {
        string name;
        string symbol;
        uint256 totalSupply;
        uint8 decimals;
        string metadataURI;
    }

    /// @notice A token was made; its whole supply was minted to its creator just before, in the same transaction.
    event TokenCreated(
        address indexed tokenAddress,
        address indexed creator,
        string name,
        string symbol,
        uint256 totalSupply
    );
    /// @notice Emitted in a token's creation, and whenever its creator points it to other metadata.
    event TokenMetadataUpdated(address indexed tokenAddress, uint8 decimals, string metadataURI);
    /// @notice The token is no longer offered. Its holders keep it, trade it and leave its pools as before.
    event TokenDeactivated(address indexed tokenAddress);
    /// @notice Wei for each creation; the constructor emits it with an old fee of 0.
    event CreationFeeUpdated(uint256 oldFee, uint256 newFee);
    event FeeRecipientUpdated(address indexed oldRecipient, address indexed newRecipient);
    event CreationFeesCollected(address indexed recipient, uint256 amount);

    /// @dev The value sent must be the fee to the wei, so that nothing is ever owed back.
    error WrongCreationFee(uint256 required, uint256 sent);
    error InvalidName(string name);
    error InvalidSymbol(string symbol);
    error InvalidMetadataURI(string metadataURI);
    error DecimalsTooLarge(uint8 decimals);
    error SupplyOutOfRange(uint256 totalSupply, uint256 minimum, uint256 maximum);
    error UnknownToken(address token);
    error TokenAlreadyDeactivated(address token);
    error NotTokenCreator(address token, address caller);
    error InvalidRecipient(address recipient);

    /// @notice Makes a token and mints its whole supply to the caller. Takes exactly `creationFee()` wei.
    /// @param name 1 to 50 ASCII letters, digits and spaces, no space at either end
    /// @param symbol 1 to 10 upper-case ASCII letters and digits
    /// @param totalSupply base units: at least one whole token, at most 10^27 whole tokens
    /// @param decimals 0 to 18
    /// @param metadataURI up to 512 printable ASCII characters without spaces, or empty
    /// @return token the new token
    /// @dev Reverts with WrongCreationFee, InvalidName, InvalidSymbol, InvalidMetadataURI, DecimalsTooLarge or
    /// SupplyOutOfRange.
    function createToken(
        string calldata name,
        string calldata symbol,
        uint256 totalSupply,
        uint8 decimals,
        string calldata metadataURI
    ) external payable returns (address token);

    /// @notice Makes a token and opens its first pool in one transaction, so that nobody can open it first at another price.
    /// The caller must have allowed the liquidity manager `amountOther` of `otherToken`; the new token is born with an
    /// allowance of `amountToken` to it, which the pool uses up.
    /// @param parameters of the new token
    /// @param amountToken base units of the new token for the pool
    /// @param otherToken the token on the other side
    /// @param amountOther base units of the other token for the pool
    /// @param deadline seconds since the epoch; refused in a later block
    /// @return token the new token
    /// @return poolId its pool
    /// @dev Reverts with the errors of createToken, among them WrongCreationFee, and with those of
    /// IABLiquidityManager.createPool, among them DeadlineExpired.
    function createTokenWithPool(
        TokenParameters calldata parameters,
        uint256 amountToken,
        address otherToken,
        uint256 amountOther,
        uint256 deadline
    ) external payable returns (address token, bytes32 poolId);

    /// @notice Points the caller's token to other metadata.
    /// @param token that the caller made and nobody has deactivated
    /// @param metadataURI up to 512 printable ASCII characters without spaces, or empty
    /// @dev Reverts with UnknownToken, NotTokenCreator, TokenAlreadyDeactivated or InvalidMetadataURI.
    function updateTokenMetadata(address token, string calldata metadataURI) external;

    /// @notice Marks a token as no longer offered, for good. Only its creator or this contract's owner can.
    /// @param token that this factory made
    /// @dev Reverts with UnknownToken, TokenAlreadyDeactivated or NotTokenCreator.
    function deactivateToken(address token) external;

    /// @notice Sets the fee of later creations.
    /// @param newFee wei
    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount.
    function setCreationFee(uint256 newFee) external;

    /// @notice Sets who receives the creation fees, also those not collected yet.
    /// @param newRecipient any account but address zero
    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount, or InvalidRecipient for address zero.
    function setFeeRecipient(address newRecipient) external;

    /// @notice Sends all creation fees held here to the fee recipient. Anyone may call it.
    /// @return amount wei, all that was held
    /// @dev Reverts with FailedCall where the recipient refuses them.
    function collectCreationFees() external returns (uint256 amount);

    /// @notice The fee of a creation.
    /// @return fee wei that a creation takes
    function creationFee() external view returns (uint256 fee);

    /// @notice Who receives the creation fees.
    /// @return recipient never address zero
    function feeRecipient() external view returns (address recipient);

    /// @notice Who made a token.
    /// @param token any address
    /// @return creator who made the token, or address zero where this factory did not make it
    function creatorOf(address token) external view returns (address creator);

    /// @notice Where a creator's next token will lie (CREATE2): it follows from the creator, how many tokens they made before, and all
    /// that it is made with, so that nobody else can take the address.
    /// @param creator who will make it
    /// @param parameters of the token, to the letter
    /// @param amountToken base units of it for its first pool; 0 where it is made without one
    /// @return token the address, whether there is a token like that or not
    function nextTokenAddress(
        address creator,
        TokenParameters calldata parameters,
        uint256 amountToken
    ) external view returns (address token);

    /// @notice Whether a token is offered.
    /// @param token any address
    /// @return active whether this factory made the token and nobody has deactivated it
    function isActive(address token) external view returns (bool active);

    /// @notice How long a creator's list of tokens is.
    /// @param creator any account
    /// @return count how many tokens the creator has made, deactivated ones included
    function tokenCountOf(address creator) external view returns (uint256 count);

    /// @notice A page of a creator's list of tokens.
    /// @param creator any account
    /// @param offset how many of the creator's tokens to leave out, oldest first
    /// @param limit how many to return at most
    /// @return tokens in the order of their creation; empty beyond the end
    function tokensOf(
        address creator,
        uint256 offset,
        uint256 limit
    ) external view returns (address[] memory tokens);
}
